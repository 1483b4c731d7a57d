/** The {@code kiln} command: one class a verb. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.cli;
