/** The concurrent notifier: canonical events are the subjects, subscriptions the observers. */
package dev.cmmshub.notifier;
