/** Proves what listeners write by reading it back with parsers of their own. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.listeners;
