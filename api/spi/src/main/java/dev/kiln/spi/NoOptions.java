package dev.kiln.spi;

/** The options of a factory that has none. */
@Stable
public record NoOptions() {}
