package dev.kiln.platform.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A file that says which plugin's code a process runs for the first time, there while it does. Nothing
 * else tells of a process that was halted or crashed: the next start finds the file, and that nobody
 * has it locked any more.
 */
record LoadingMark(Path file, FileChannel channel) implements AutoCloseable {
    private static final String PREFIX = ".loading-";
    private static final int MOST_BYTES = 256;
    private static final Pattern LABEL =
            Pattern.compile("plugin " + Manifests.ID + " " + Manifests.VERSION);

    /** Marks that a plugin is being loaded, in a folder that can be written to. */
    static LoadingMark of(Path folder, String label) throws IOException {
        Path hidden = Files.createTempFile(folder, ".mark-", "");
        FileChannel channel =
                FileChannel.open(hidden, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel.lock();
        channel.write(ByteBuffer.wrap(label.getBytes(UTF_8)));
        Path file =
                hidden.resolveSibling(hidden.getFileName().toString().replace(".mark-", PREFIX));
        return new LoadingMark(Files.move(hidden, file), channel);
    }

    /** The plugins that processes were loading when they ended; each is said once. */
    static List<String> left(Path folder) throws IOException {
        List<String> labels = new ArrayList<>();
        try (DirectoryStream<Path> marks = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path mark : marks) {
                String label = takeIfLeft(mark);
                if (LABEL.matcher(label).matches()) {
                    labels.add(label);
                }
            }
        }
        return labels;
    }

    private static String takeIfLeft(Path mark) {
        try (FileChannel channel =
                        FileChannel.open(mark, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return "";
            }
            ByteBuffer text = ByteBuffer.allocate(MOST_BYTES);
            channel.read(text);
            Files.delete(mark);
            return UTF_8.decode(text.flip()).toString();
        } catch (IOException | OverlappingFileLockException e) {
            return ""; // Another start took it, or this process has it.
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
        channel.close();
    }
}
