package dev.kiln.plugins.taskfiles;

import org.pf4j.Extension;

/** {@code race-middle}: {@link Race}, of middle schools. */
@Extension
public final class RaceMiddleFactory extends FilesTaskFactory {
    public RaceMiddleFactory() {
        super(
                "race-middle",
                Race.SHAPE,
                PartNames.of("train/middle", "dev/middle", "test/middle"),
                new Race());
    }
}
