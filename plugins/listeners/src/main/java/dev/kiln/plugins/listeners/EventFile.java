package dev.kiln.plugins.listeners;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;

/**
 * A TensorBoard event file: {@code tensorflow.Event} messages as TFRecords. The numbers of the
 * fields are those of TensorFlow's event.proto and summary.proto.
 */
final class EventFile implements Closeable {
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SESSION_LOG = 7;
    private static final int SUMMARY_VALUE = 1;
    private static final int VALUE_TAG = 1;
    private static final int VALUE_SIMPLE = 2;
    private static final int SESSION_STATUS = 1;
    private static final int SESSION_START = 1;

    private final OutputStream out;
    private final InstantSource clock;

    private EventFile(OutputStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    /**
     * Begins a new file; TensorBoard reads a folder's files in the order of their names.
     *
     * @param firstStep steps that were done before: whatever older files say of later ones is void
     */
    static EventFile create(Path folder, InstantSource clock, long firstStep) throws IOException {
        Files.createDirectories(folder);
        EventFile file = new EventFile(open(folder, clock.instant()), clock);
        file.write(file.event(0).string(FILE_VERSION, "brain.Event:2"));
        if (firstStep > 0) {
            ProtoMessage start = new ProtoMessage().integer(SESSION_STATUS, SESSION_START);
            file.write(file.event(firstStep + 1).message(SESSION_LOG, start));
        }
        return file;
    }

    /** Of a millisecond in which a file was begun, the next one. */
    private static OutputStream open(Path folder, Instant time) throws IOException {
        String name =
                String.format(
                        Locale.ROOT,
                        "events.out.tfevents.%010d.%03d.kiln",
                        time.getEpochSecond(),
                        time.getNano() / 1_000_000);
        try {
            return Files.newOutputStream(folder.resolve(name), StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            return open(folder, time.plusMillis(1));
        }
    }

    /** Writes values of one step by their tags. */
    void scalars(long step, Map<String, Double> values) throws IOException {
        ProtoMessage summary = new ProtoMessage();
        values.forEach(
                (tag, value) ->
                        summary.message(
                                SUMMARY_VALUE,
                                new ProtoMessage()
                                        .string(VALUE_TAG, tag)
                                        .float32(VALUE_SIMPLE, value.floatValue())));
        write(event(step).message(SUMMARY, summary));
    }

    private ProtoMessage event(long step) {
        return new ProtoMessage().float64(WALL_TIME, clock.millis() / 1000.0).integer(STEP, step);
    }

    private void write(ProtoMessage event) throws IOException {
        out.write(TfRecord.of(event.toBytes()));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
