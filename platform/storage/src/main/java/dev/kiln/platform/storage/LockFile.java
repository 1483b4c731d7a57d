package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a {@link FolderLock}, locked for as long as its channel is open.
 *
 * <p>Who ends deletes the file, so another process may have opened it before and lock it after, when
 * its name is gone and a third process may make a new one. Therefore who ends writes {@value #GONE}
 * into the file once its name is gone, and who finds that in a file that it locked begins anew.
 */
final class LockFile {
    private static final Logger LOG = LoggerFactory.getLogger(LockFile.class);
    private static final String GONE = "gone\n";
    private static final String HOST = "[\\w.-]+";
    private static final String HOLDER = "pid \\d+ on " + HOST;

    /** So many runs in a row don't end just after another has opened their file. */
    private static final int ATTEMPTS = 100;

    private static final int LONGEST = 300;

    /** Behind what it says: Windows lets nobody read what is locked. */
    private static final long LOCKED_BYTE = 1 << 20;

    private final Path file;
    private final FileChannel channel;

    private LockFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * @throws InvalidInput when another process holds the lock; says which
     */
    static LockFile lock(Path folder) throws IOException {
        Path path = folder.resolve(FolderLock.FILE);
        for (int attempt = 1; ; attempt++) {
            FileChannel channel = open(path);
            try {
                if (!tryLock(channel, path)) {
                    throw refusal(folder, "another process (" + holder(channel) + ")");
                }
                if (!read(channel).equals(GONE) || attempt == ATTEMPTS) {
                    return held(new LockFile(path, channel));
                }
                channel.close();
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }
    }

    /** Says who holds it; where that can't be written, nothing is left of it. */
    private static LockFile held(LockFile file) throws IOException {
        try {
            write(file.channel, "pid " + ProcessHandle.current().pid() + " on " + host());
            return file;
        } catch (IOException e) {
            file.delete();
            throw e;
        }
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(
                path,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS));
    }

    private static boolean tryLock(FileChannel channel, Path path) {
        try {
            // Nobody keeps it: it ends with the channel.
            return Optional.<FileLock>ofNullable(channel.tryLock(LOCKED_BYTE, 1, false))
                    .isPresent();
        } catch (IOException e) {
            LOG.warn(
                    "{}: the file system has no locks ({}): nothing keeps other processes from writing here",
                    path.getParent(),
                    e.getMessage());
            return true;
        }
    }

    /** Who holds a file that this process could not lock. */
    private static String holder(FileChannel channel) throws IOException {
        String text = read(channel).strip();
        return text.matches(HOLDER) ? text : "it does not say which";
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST);
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
            // Until it is full or the file ends.
        }
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }

    private static void write(FileChannel channel, String line) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((line.strip() + "\n").getBytes(StandardCharsets.UTF_8)), 0);
    }

    /** Without asking the network, which may take seconds to answer. */
    private static String host() throws IOException {
        Path linux = Path.of("/proc/sys/kernel/hostname");
        String name = Files.isReadable(linux) ? Files.readString(linux).strip() : "";
        return Stream.of(
                        Optional.of(name),
                        Optional.ofNullable(System.getenv("HOSTNAME")),
                        Optional.ofNullable(System.getenv("COMPUTERNAME")))
                .flatMap(Optional::stream)
                .filter(host -> host.matches(HOST))
                .findFirst()
                .orElse("this-machine");
    }

    static InvalidInput refusal(Path folder, String writer) {
        return new InvalidInput(folder + ": is being written by " + writer);
    }

    /** Takes away its name; it stays locked. */
    void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    /**
     * Ends the lock.
     *
     * @param named whether the file still has its name
     */
    void release(boolean named) throws IOException {
        try (channel) {
            if (named) {
                delete();
            }
            write(channel, GONE);
        } catch (IOException e) {
            // An interrupt closed it, it stays, or the disk is full: the lock has ended all the
            // same.
        }
    }
}
