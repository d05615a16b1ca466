/** What all tenants together may ask of one ERP, and whose turn it is. */
package dev.cmmshub.connector.budget;
