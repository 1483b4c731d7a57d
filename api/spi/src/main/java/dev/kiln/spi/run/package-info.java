/** Whole jobs, and those who listen to them. */
@org.jspecify.annotations.NullMarked
package dev.kiln.spi.run;
