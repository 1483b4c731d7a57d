package dev.kiln.testkit;

import dev.kiln.spi.Randomness;
import java.util.ArrayList;
import java.util.List;

/** Texts at which tokenizers go wrong. */
final class SampleTexts {
    /** What special tokens look like. */
    static final List<String> SPECIAL =
            List.of(
                    "<|endoftext|>",
                    "before<|endoftext|>after",
                    "<s> </s> <pad> <unk>",
                    "[CLS] [SEP] [MASK]",
                    "<start> <extract> <delim>",
                    "</w> a</w>");

    private static final List<String> FIXED =
            List.of(
                    "a",
                    " ",
                    "  two  spaces  ",
                    "Hello, World! It's 1,234.56 (or so).",
                    "don't we'll I'd you've they're",
                    "\n\n\ttabs\tand\nlines\n",
                    "CR\rLF\nboth\r\nend\r\n",
                    "\u0000\u0001\u0007\u001b\u007f\u0085",
                    "\ufeffbyte order mark, \u200bzero width\u200d, \u00a0no-break",
                    "Grüße, naïve façade, Ærø, İstanbul, ß",
                    "e\u0301 is not \u00e9",
                    "Ελληνικά и кириллица",
                    "שלום עולם, مرحبا بالعالم",
                    "नमस्ते दुनिया, สวัสดีชาวโลก, ကမ္ဘာ",
                    "你好，世界。こんにちは世界 안녕하세요",
                    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈 𠜎",
                    "😀 👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 👍🏽",
                    "∀x∈ℝ: ⌈x⌉ = −⌊−x⌋ ≠ ½ × 10⁻³",
                    "int main(void) { return 0; } // \\n \"quoted\" #!$%^&*",
                    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                    "https://example.org/a?b=c&d=%20#e",
                    "\ud7ff\ue000\ufffd\uffff");

    private SampleTexts() {}

    /** All of them, and random ones that are always the same. */
    static List<String> all() {
        List<String> texts = new ArrayList<>(FIXED);
        texts.addAll(SPECIAL);
        texts.add("word ".repeat(300));
        for (int i = 0; i < 60; i++) {
            texts.add(random(i));
        }
        return List.copyOf(texts);
    }

    /** Valid Unicode of any plane, in stretches of one range. */
    private static String random(int seed) {
        int[] bounds = {0x80, 0x250, 0x3000, 0xd800, 0x110000};
        StringBuilder text = new StringBuilder();
        long key = Randomness.key(seed, 31);
        for (int i = 0; i < 3 * seed; i++) {
            int bound = bounds[(int) Randomness.below(key, i / 7, bounds.length)];
            int point = (int) Randomness.below(key, 10_000 + i, bound);
            text.appendCodePoint(point >= 0xd800 && point < 0xe000 ? ' ' : point);
        }
        return text.toString();
    }
}
