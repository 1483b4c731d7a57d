/**
 * What the Hugging Face forms of the GPT series have in common: keys of {@code config.json} and names
 * of tensors, as transformers 5 reads and writes them.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.toolkit.huggingface;
