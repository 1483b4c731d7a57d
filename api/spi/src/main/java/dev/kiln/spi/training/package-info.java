/** Optimizers and schedules. */
@org.jspecify.annotations.NullMarked
package dev.kiln.spi.training;
