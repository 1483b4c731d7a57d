package dev.kiln.platform.cli;

import java.util.Arrays;

/** Standard input, text by text, each with its answer on standard output. */
record Texts(Pipes pipes, boolean byLine) {
    /** Bytes of answers that are collected before they are written. */
    private static final int BATCH = 1 << 16;

    /** Answers a text. */
    @FunctionalInterface
    interface Answer {
        /**
         * @param source what messages call the text
         */
        void to(byte[] text, String source, JsonText out);
    }

    /** Answers all of the input, or every line of it; a line's end is not part of it. */
    void each(Answer answer) {
        byte[] input = pipes.readAll();
        JsonText out = new JsonText();
        if (byLine) {
            eachLine(input, answer, out);
        } else {
            answer.to(input, "standard input", out);
        }
        pipes.write(out.bytes(), out.length());
    }

    private void eachLine(byte[] input, Answer answer, JsonText out) {
        int line = 1;
        for (int at = 0; at < input.length; line++) {
            int end = at;
            while (end < input.length && input[end] != '\n') {
                end++;
            }
            byte[] text = Arrays.copyOfRange(input, at, end);
            answer.to(text, "standard input, line " + line, out);
            if (out.length() >= BATCH) {
                pipes.write(out.bytes(), out.length());
                out.clear();
            }
            at = end + 1;
        }
    }
}
