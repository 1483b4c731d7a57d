/** Ways to choose the next token: {@code greedy} and {@code sample}. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.samplers;
