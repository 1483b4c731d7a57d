/** Compares schedules with numbers computed by hand. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.schedules;
