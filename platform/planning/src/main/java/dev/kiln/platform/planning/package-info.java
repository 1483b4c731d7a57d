/**
 * What a training run will need: a step of it, run on a backend that counts instead of computing.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.planning;
