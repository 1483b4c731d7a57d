package dev.kiln.plugins.bpe;

/**
 * A token beside those that merges make, as {@code tokenizer.json} lists them.
 *
 * @param special whether it stands for nothing and no text is encoded as it; any other stands for
 *     its content, wherever that occurs
 */
record AddedToken(int id, String content, boolean special) {}
