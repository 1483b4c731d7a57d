package dev.kiln.plugins.adamw;

/** What the moments of matrices are kept in. */
public enum MomentType {
    FLOAT32,
    /** A byte an element and a scale for each 256; vectors stay in float32. */
    INT8
}
