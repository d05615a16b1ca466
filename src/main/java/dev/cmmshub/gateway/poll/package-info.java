/** Systems that do not push: asks them for what changed, page by page, and remembers how far. */
package dev.cmmshub.gateway.poll;
