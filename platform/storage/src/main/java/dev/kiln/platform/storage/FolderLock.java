package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes one run the only writer of a folder, from {@link #acquire} to {@link #close}. Whoever writes
 * a folder holds its lock; whoever only reads one needs none. Used by one thread.
 *
 * <p>It is a lock of the operating system on the folder's file {@value #FILE}, which says who holds
 * it. It ends with its process, however that ends; a file that a kill left behind locks nothing, and
 * the next holder takes it over. {@link #close} deletes the file.
 *
 * <p><b>What is promised.</b> Another run of this process, and another process of this machine, is
 * refused, also where each knows the folder by another path. So is a process of another machine
 * where the file system passes locks on: NFS 4, NFS 3 with its lock daemon, SMB, Lustre mounted with
 * {@code flock}. Where it refuses to lock, the run goes on after a warning, and only other runs of
 * this process are kept out; where it locks for each machine alone, processes of other machines are
 * not kept out, and nothing tells.
 *
 * <pre>{@code
 * try (FolderLock _ = FolderLock.acquire(folder)) {
 *     AtomicFile.write(folder.resolve("results.json"), results);
 * }
 * }</pre>
 */
public final class FolderLock implements AutoCloseable {
    /** The name of the file that is locked; not part of what the folder holds. */
    public static final String FILE = ".lock";

    /**
     * Folders that this process holds. The system's locks belong to a process: they would let another
     * of its threads pass, and closing any second channel on a file would end its lock.
     */
    private static final Set<Object> HELD = new HashSet<>();

    private static final int ATTEMPTS = 100;

    private final Path folder;
    private final Object key;
    private final LockFile file;
    private final boolean created;
    private boolean replaced;

    private FolderLock(Path folder, Object key, LockFile file, boolean created) {
        this.folder = folder;
        this.key = key;
        this.file = file;
        this.created = created;
    }

    /**
     * Locks a folder. One that is not there is made, with the folders above it, and {@link #close}
     * deletes it again where it is still empty.
     *
     * @throws InvalidInput when another run writes the folder, it is a file, or nothing can be written
     *     there; nothing is changed
     */
    public static FolderLock acquire(Path folder) throws IOException {
        FolderLock[] lock = new FolderLock[1];
        try {
            Uninterrupted.write(() -> lock[0] = lock(folder));
        } catch (IOException e) {
            // Java names no file when a write fails, only when an opening does.
            Optional<String> problem =
                    e instanceof FileSystemException
                            ? FileProblem.describe(e)
                            : FileProblem.describe(folder, e);
            throw new InvalidInput(problem.orElseThrow(() -> e), e);
        }
        return lock[0];
    }

    /** Again where who held it before deletes the folder meanwhile. */
    private static FolderLock lock(Path folder) throws IOException {
        synchronized (HELD) {
            for (int attempt = 1; ; attempt++) {
                try {
                    return attempt(folder);
                } catch (NoSuchFileException e) {
                    if (attempt == ATTEMPTS) {
                        throw e;
                    }
                }
            }
        }
    }

    private static FolderLock attempt(Path folder) throws IOException {
        boolean created = create(folder);
        Object key = key(folder);
        if (HELD.contains(key)) {
            throw LockFile.refusal(folder, "another run of this process");
        }
        try {
            LockFile file = LockFile.lock(folder);
            if (key.equals(key(folder))) {
                HELD.add(key);
                return new FolderLock(folder, key, file, created);
            }
            file.release(true);
            throw new NoSuchFileException(folder.toString());
        } catch (IOException | RuntimeException e) {
            if (created) {
                deleteIfEmpty(folder);
            }
            throw e;
        }
    }

    private static boolean create(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return false;
        }
        requireNoFile(folder);
        try {
            Files.createDirectories(folder);
            return true;
        } catch (IOException e) {
            throw new InvalidInput(
                    FileProblem.describe(folder, e).orElse(folder + ": cannot be made: " + e), e);
        }
    }

    /** The path itself and what is above it, as far as it is there. */
    private static void requireNoFile(Path folder) {
        for (Path above = folder; above != null; above = above.getParent()) {
            if (Files.isDirectory(above)) {
                return;
            }
            if (Files.exists(above)) {
                throw new InvalidInput(above + ": is a file, expected a folder");
            }
        }
    }

    /** The same for all paths of a folder; where the system has no such keys, for most of them. */
    private static Object key(Path folder) throws IOException {
        return Optional.ofNullable(
                        Files.readAttributes(folder, BasicFileAttributes.class).fileKey())
                .orElse(folder.toRealPath());
    }

    /**
     * Whether a folder holds nothing but, perhaps, a lock.
     *
     * @param folder must exist
     */
    public static boolean isEmpty(Path folder) throws IOException {
        return contents(folder).isEmpty();
    }

    /**
     * What a folder holds besides its lock.
     *
     * @param folder must exist
     */
    public static List<Path> contents(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !entry.endsWith(FILE)).toList();
        }
    }

    /**
     * Puts another folder, of the same file system, in the place of the locked one, durably; this is
     * the last that is done with the lock.
     *
     * @throws InvalidInput when the locked one is not empty; the other stays where it is
     */
    void replaceBy(Path other) throws IOException {
        file.delete();
        replaced = true;
        try {
            Files.delete(folder);
            Disk.rename(other, folder);
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
            throw new InvalidInput(folder + ": was written to meanwhile; name a new folder", e);
        }
    }

    /** Lets others write the folder. A file that can't be deleted stays, and locks nothing. */
    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            try {
                Uninterrupted.write(() -> file.release(!replaced));
            } finally {
                HELD.remove(key);
            }
            if (created && !replaced) {
                deleteIfEmpty(folder);
            }
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try {
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(folder);
            }
        } catch (DirectoryNotEmptyException e) {
            // Something was written to it, or another run holds it already.
        }
    }
}
