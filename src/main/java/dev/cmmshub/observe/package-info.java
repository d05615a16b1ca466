/** What can be seen from outside: metrics, health, the administration port. */
package dev.cmmshub.observe;
