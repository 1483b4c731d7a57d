/** Dense causal attention. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.dense;
