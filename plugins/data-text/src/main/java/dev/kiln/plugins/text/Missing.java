package dev.kiln.plugins.text;

/** What is done about a JSON object without text. */
public enum Missing {
    /** It is refused with its file and line. */
    ERROR,
    /** It is skipped and counted. */
    SKIP
}
