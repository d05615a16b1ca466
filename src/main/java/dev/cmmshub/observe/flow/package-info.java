/** Whether events still flow: what succeeded last, what is usual, and what has fallen silent. */
package dev.cmmshub.observe.flow;
