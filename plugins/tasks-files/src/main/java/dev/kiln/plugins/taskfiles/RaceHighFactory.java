package dev.kiln.plugins.taskfiles;

import org.pf4j.Extension;

/** {@code race-high}: {@link Race}, of high schools. */
@Extension
public final class RaceHighFactory extends FilesTaskFactory {
    public RaceHighFactory() {
        super(
                "race-high",
                Race.SHAPE,
                PartNames.of("train/high", "dev/high", "test/high"),
                new Race());
    }
}
