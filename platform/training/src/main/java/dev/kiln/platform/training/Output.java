package dev.kiln.platform.training;

/** Where a run leaves what it has to say. */
record Output(RunFolder folder, Events events) {}
