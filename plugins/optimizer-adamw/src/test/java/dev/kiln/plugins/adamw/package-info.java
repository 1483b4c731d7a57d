/** Compares AdamW with PyTorch's. */
@org.jspecify.annotations.NullMarked
package dev.kiln.plugins.adamw;
