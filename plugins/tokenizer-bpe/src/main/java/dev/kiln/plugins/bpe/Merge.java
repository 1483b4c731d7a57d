package dev.kiln.plugins.bpe;

/** One learned merge: tokens {@code left} and {@code right}, side by side, become {@code merged}. */
record Merge(int left, int right, int merged) {}
