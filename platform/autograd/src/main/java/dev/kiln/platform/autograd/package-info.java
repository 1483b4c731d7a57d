/**
 * The three ways to run a model: directly, with a KV cache, and on a tape with one table of
 * gradients.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.autograd;
