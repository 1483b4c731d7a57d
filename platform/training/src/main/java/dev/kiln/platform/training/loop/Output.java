package dev.kiln.platform.training.loop;

import dev.kiln.platform.run.Events;
import dev.kiln.platform.run.RunFolder;

/** Where a run leaves what it has to say. */
public record Output(RunFolder folder, Events events) {}
