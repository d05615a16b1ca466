/** What the hub offers, described for programs (OpenAPI, AsyncAPI) and for people (a page). */
package dev.cmmshub.gateway.contract;
