package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A checkpoint on disk that was found to be whole. Immutable and thread-safe. */
public final class Checkpoint {
    static final String MODEL = "model.safetensors";
    static final String OPTIMIZER = "optimizer.safetensors";
    static final String STATE = "state.json";

    static final List<String> ALL = List.of(STATE, MODEL, OPTIMIZER);

    /** What a model is asked with. */
    static final List<String> MODEL_ONLY = List.of(STATE, MODEL);

    private final Path folder;
    private final CheckpointState state;

    private Checkpoint(Path folder, CheckpointState state) {
        this.folder = folder;
        this.state = state;
    }

    /**
     * Opens a checkpoint's folder and compares every file with the manifest, which reads them once.
     *
     * @throws InvalidInput when a file is missing or damaged; names it
     */
    public static Checkpoint open(Path folder) {
        return open(folder, ALL);
    }

    static Checkpoint open(Path folder, List<String> verified) {
        Manifest.verify(folder, verified);
        return new Checkpoint(folder, readState(folder));
    }

    /**
     * Reads where a run stood, and compares nothing with the manifest.
     *
     * @throws InvalidInput when the file is missing or is not as expected
     */
    public static CheckpointState readState(Path folder) {
        return CheckpointState.of(Json.read(folder.resolve(STATE), CheckpointState.Stored.class));
    }

    /** Writes all files of a checkpoint to an empty folder, durably. */
    static void write(
            Path folder,
            CheckpointState state,
            SafetensorsContent model,
            SafetensorsContent optimizer,
            Disk.Opener opener)
            throws IOException {
        Map<String, Manifest.Entry> files = new TreeMap<>();
        files.put(STATE, write(folder.resolve(STATE), opener, text(state.toJson())));
        files.put(MODEL, write(folder.resolve(MODEL), opener, model::writeTo));
        files.put(OPTIMIZER, write(folder.resolve(OPTIMIZER), opener, optimizer::writeTo));
        String manifest = Json.text(new Manifest(Manifest.FORMAT, files));
        write(folder.resolve(Manifest.FILE), opener, text(manifest));
        Disk.syncFolder(folder);
    }

    private static AtomicFile.Body text(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        return out -> Disk.drain(bytes, out);
    }

    private static Manifest.Entry write(Path file, Disk.Opener opener, AtomicFile.Body body)
            throws IOException {
        try (Manifest.Hashing out = new Manifest.Hashing(opener.create(file))) {
            body.writeTo(out);
            Disk.syncFile(file);
            return out.entry();
        } catch (ClosedByInterruptException e) {
            throw e; // Whoever saves begins anew.
        } catch (IOException e) {
            // Java names no file when a write fails, only when an opening does.
            throw new IOException(file.getFileName() + ": " + e.getMessage(), e);
        }
    }

    public Path folder() {
        return folder;
    }

    public CheckpointState state() {
        return state;
    }

    /** The file of the weights; the caller closes it. */
    public SafetensorsFile openModel() {
        return SafetensorsFile.open(folder.resolve(MODEL));
    }

    /** The weights; the caller closes them. */
    public StoredWeights openWeights() {
        return StoredWeights.open(folder.resolve(MODEL));
    }

    /** The optimizer's state; the caller closes the file. */
    public SafetensorsFile openOptimizer() {
        return SafetensorsFile.open(folder.resolve(OPTIMIZER));
    }

    /** Whether a folder claims to be a checkpoint, whole or not. */
    public static boolean looksLikeOne(Path folder) {
        return Files.isRegularFile(folder.resolve(Manifest.FILE));
    }
}
