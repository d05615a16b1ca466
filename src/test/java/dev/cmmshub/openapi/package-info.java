/** Whether what the hub takes and answers is what its OpenAPI document says. */
package dev.cmmshub.openapi;
