/** What senders ask of bulk loads over HTTP. */
package dev.cmmshub.batch.api;
