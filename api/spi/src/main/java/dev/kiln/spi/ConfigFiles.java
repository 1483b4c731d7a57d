package dev.kiln.spi;

import java.nio.file.Path;

/**
 * Resolved configs: what a run keeps beside its results, so that it can go on, and so that others
 * can use its model. Injectable into every factory. Thread-safe.
 */
@Stable
public interface ConfigFiles {

    /**
     * Binds those top-level keys of a YAML file that {@code part} has components for, defaults and
     * marks applied; other keys are not looked at. {@code part} may be the options of the run that
     * wrote the file or a record of the few options that the caller needs, {@code run} and {@code
     * seed} among them.
     *
     * @throws InvalidInput when the file is missing or does not fit; names file, line and column
     */
    <O extends Record> O read(Path file, Class<O> part);

    /**
     * As {@link #read}, from YAML text. JSON is YAML.
     *
     * @param name what messages call the text
     */
    <O extends Record> O parse(String text, Path name, Class<O> part);

    /**
     * The YAML text of a run, every option spelled out. Read again, by {@link #read} or by {@code
     * kiln run}, it gives equal records.
     *
     * @param run the name of the {@code RunFactory}
     * @param out the run's folder
     * @param options the options of that factory
     */
    String write(String run, long seed, Path out, Record options);
}
