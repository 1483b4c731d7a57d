/** The run {@code pretrain}: a model learns to predict the next token of a corpus. */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.training.pretrain;
