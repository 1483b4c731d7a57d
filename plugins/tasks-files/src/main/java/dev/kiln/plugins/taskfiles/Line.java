package dev.kiln.plugins.taskfiles;

/** A line of a file, without its end. */
record Line(Place place, String text) {}
