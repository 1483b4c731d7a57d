package dev.kiln.platform.runtime;

import static dev.kiln.platform.runtime.PluginRefused.quote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Reads what a zip archive holds (APPNOTE 6.3, sections 4.3 and 4.4), strictly: its two descriptions
 * of each entry must agree, and the entries must follow each other without a gap from the first byte
 * to the directory, so that no other reader can see other entries. Zip64, encryption, comments, names
 * in extra fields and files in parts are not read.
 */
final class ZipDirectory {
    static final int MAX_ENTRIES = 20_000;

    private static final int END = 0x06054b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int LOCAL = 0x04034b50;
    private static final int DESCRIPTOR = 0x08074b50;
    private static final int END_BYTES = 22;
    private static final int CENTRAL_BYTES = 46;
    private static final int LOCAL_BYTES = 30;
    private static final int MAX_DIRECTORY_BYTES = 1 << 25;

    private static final int HAS_DESCRIPTOR = 1 << 3;
    private static final int UTF8 = 1 << 11;
    private static final int KNOWN_FLAGS = 0b110 | HAS_DESCRIPTOR | UTF8;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;

    /** Zip64, and the path and the comment in Unicode, which some readers take in place of others. */
    private static final Set<Integer> FORBIDDEN_EXTRAS = Set.of(0x0001, 0x7075, 0x6375);

    private static final int UNIX_KIND = 0170000;
    private static final int UNIX_FILE = 0100000;
    private static final int UNIX_FOLDER = 0040000;
    private static final int UNIX_LINK = 0120000;

    /**
     * An entry.
     *
     * @param start of its bytes in the archive
     * @param packed how many they are there
     * @param size how many they are when unpacked
     */
    record Entry(String name, boolean deflated, long start, long packed, long size, int crc) {
        boolean isFolder() {
            return name.endsWith("/");
        }
    }

    /** What the central directory says of an entry. */
    private record Central(
            String name,
            int flags,
            int method,
            int crc,
            long packed,
            long size,
            int unixMode,
            long header) {}

    private final FileChannel archive;

    private ZipDirectory(FileChannel archive) {
        this.archive = archive;
    }

    /**
     * The entries, in the order of their bytes.
     *
     * @throws PluginRefused when the archive is broken, or could be taken for another
     */
    static List<Entry> read(FileChannel archive) throws IOException, PluginRefused {
        ZipDirectory zip = new ZipDirectory(archive);
        long end = archive.size() - END_BYTES;
        require(end >= 0, "it is no zip archive");
        ByteBuffer last = zip.bytes(end, END_BYTES);
        require(last.getInt(0) == END, "it is no zip archive, is cut short or ends with a comment");
        int count = unsigned(last.getShort(10));
        require(count <= MAX_ENTRIES, "it has more than " + MAX_ENTRIES + " entries");
        boolean whole =
                last.getInt(4) == 0
                        && last.getShort(8) == last.getShort(10)
                        && last.getShort(20) == 0;
        long length = unsigned(last.getInt(12));
        long start = unsigned(last.getInt(16));
        require(
                whole && start + length == end && length <= MAX_DIRECTORY_BYTES,
                "its directory is broken");
        return zip.entries(centrals(zip.bytes(start, (int) length), count), start);
    }

    private static List<Central> centrals(ByteBuffer directory, int count) throws PluginRefused {
        List<Central> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(central(directory));
        }
        require(!directory.hasRemaining(), "its directory is broken");
        all.sort(Comparator.comparingLong(Central::header));
        return all;
    }

    private static Central central(ByteBuffer directory) throws PluginRefused {
        ByteBuffer in = directory.slice().order(ByteOrder.LITTLE_ENDIAN);
        require(
                in.remaining() >= CENTRAL_BYTES && in.getInt(0) == CENTRAL,
                "its directory is broken");
        int name = unsigned(in.getShort(28));
        int extra = unsigned(in.getShort(30));
        int length = CENTRAL_BYTES + name + extra;
        require(in.remaining() >= length, "its directory is broken");
        require(in.getShort(32) == 0, "an entry of it has a comment");
        checkExtras(in.slice(CENTRAL_BYTES + name, extra).order(ByteOrder.LITTLE_ENDIAN));
        directory.position(directory.position() + length);
        int flags = unsigned(in.getShort(8));
        return new Central(
                name(in.slice(CENTRAL_BYTES, name), flags),
                flags,
                unsigned(in.getShort(10)),
                in.getInt(16),
                unsigned(in.getInt(20)),
                unsigned(in.getInt(24)),
                unsigned(in.getShort(40)),
                unsigned(in.getInt(42)));
    }

    private static void checkExtras(ByteBuffer extras) throws PluginRefused {
        while (extras.hasRemaining()) {
            require(extras.remaining() >= 4, "its directory is broken");
            int id = unsigned(extras.getShort());
            int length = unsigned(extras.getShort());
            require(length <= extras.remaining(), "its directory is broken");
            require(
                    !FORBIDDEN_EXTRAS.contains(id),
                    "an entry of it has another name or size in an extra field");
            extras.position(extras.position() + length);
        }
    }

    private static String name(ByteBuffer bytes, int flags) throws PluginRefused {
        CharsetDecoder decoder =
                ((flags & UTF8) == 0 ? StandardCharsets.US_ASCII : StandardCharsets.UTF_8)
                        .newDecoder();
        try {
            return decoder.decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new PluginRefused("a name in it is not UTF-8");
        }
    }

    private List<Entry> entries(List<Central> centrals, long directory)
            throws IOException, PluginRefused {
        List<Entry> entries = new ArrayList<>();
        long next = 0;
        for (Central central : centrals) {
            require(
                    central.header == next,
                    "its entries overlap, or leave a gap, at " + quote(central.name));
            checkKind(central);
            long start = next + localLength(central);
            next = start + central.packed;
            require(next <= directory, "its entry " + quote(central.name) + " is cut short");
            next += (central.flags & HAS_DESCRIPTOR) == 0 ? 0 : descriptorLength(central, next);
            entries.add(
                    new Entry(
                            central.name,
                            central.method == DEFLATED,
                            start,
                            central.packed,
                            central.size,
                            central.crc));
        }
        require(next == directory, "something is between its last entry and its directory");
        return List.copyOf(entries);
    }

    private static void checkKind(Central central) throws PluginRefused {
        String entry = "its entry " + quote(central.name);
        int kind = central.unixMode & UNIX_KIND;
        boolean folder = central.name.endsWith("/");
        require(kind != UNIX_LINK, entry + " is a link");
        require(
                kind == 0 || kind == (folder ? UNIX_FOLDER : UNIX_FILE),
                entry + " is neither a file nor a folder");
        require(
                (central.flags & ~KNOWN_FLAGS) == 0
                        && (central.method == STORED || central.method == DEFLATED),
                entry + " is encrypted, or packed in a way that is not supported");
        require(
                central.method == DEFLATED || central.packed == central.size,
                entry + " has two sizes");
        require(!folder || central.size == 0, entry + " is a folder with content");
    }

    /** The bytes before an entry's content, which must say the same as the directory. */
    private int localLength(Central central) throws IOException, PluginRefused {
        ByteBuffer in = bytes(central.header, LOCAL_BYTES);
        int name = unsigned(in.getShort(26));
        boolean same =
                in.getInt(0) == LOCAL
                        && unsigned(in.getShort(6)) == central.flags
                        && unsigned(in.getShort(8)) == central.method
                        && sameSizes(in, central)
                        && name(bytes(central.header + LOCAL_BYTES, name), central.flags)
                                .equals(central.name);
        require(same, "its entry " + quote(central.name) + " has two descriptions that differ");
        int extra = unsigned(in.getShort(28));
        checkExtras(bytes(central.header + LOCAL_BYTES + name, extra));
        return LOCAL_BYTES + name + extra;
    }

    private static boolean sameSizes(ByteBuffer local, Central central) {
        boolean later =
                (central.flags & HAS_DESCRIPTOR) != 0
                        && local.getInt(14) == 0
                        && local.getInt(18) == 0
                        && local.getInt(22) == 0;
        return later || says(local, 14, central);
    }

    /** Whether at an offset are an entry's CRC and sizes. */
    private static boolean says(ByteBuffer in, int offset, Central central) {
        return in.getInt(offset) == central.crc
                && unsigned(in.getInt(offset + 4)) == central.packed
                && unsigned(in.getInt(offset + 8)) == central.size;
    }

    private int descriptorLength(Central central, long position) throws IOException, PluginRefused {
        ByteBuffer in = bytes(position, 16);
        if (in.getInt(0) == DESCRIPTOR && says(in, 4, central)) {
            return 16;
        }
        require(
                says(in, 0, central),
                "its entry " + quote(central.name) + " has two descriptions that differ");
        return 12;
    }

    private ByteBuffer bytes(long position, int length) throws IOException, PluginRefused {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            int n = archive.read(bytes, position + bytes.position());
            require(n >= 0, "it is cut short");
        }
        return bytes.flip();
    }

    private static int unsigned(short value) {
        return value & 0xffff;
    }

    private static long unsigned(int value) {
        return value & 0xffffffffL;
    }

    private static void require(boolean holds, String otherwise) throws PluginRefused {
        if (!holds) {
            throw new PluginRefused(otherwise);
        }
    }
}
