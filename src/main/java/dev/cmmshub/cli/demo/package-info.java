/**
 * The demo: an ERP, a CMMS and a webhook receiver speaking their real formats, and what they
 * exchange.
 */
package dev.cmmshub.cli.demo;
