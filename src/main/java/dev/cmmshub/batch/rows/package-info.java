/** Files of many records, read row by row in constant memory. */
package dev.cmmshub.batch.rows;
