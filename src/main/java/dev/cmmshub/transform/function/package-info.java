/** The functions of the transformation library, one class each. */
package dev.cmmshub.transform.function;
