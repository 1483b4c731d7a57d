package dev.kiln.platform.runtime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes zip archives byte by byte (APPNOTE 6.3), so that they can say anything. */
final class RawZip {
    private static final int UTF8 = 1 << 11;

    private final List<Entry> entries = new ArrayList<>();
    private byte[] before = {};
    private byte[] after = {};

    /** An entry. What is not set is as it should be. */
    static final class Entry {
        private final byte[] content;
        private byte[] name;
        private byte[] localName;
        private byte[] packed;
        private byte[] gap = {};
        private byte[] extra = {};
        private byte[] localExtra = {};
        private byte[] comment = {};
        private int flags = UTF8;
        private int method;
        private int crc;
        private int size;
        private int localSize;
        private int mode;
        private int header = -1;

        private Entry(String name, byte[] content) {
            this.content = content;
            this.name = name.getBytes(StandardCharsets.UTF_8);
            this.localName = this.name;
            this.packed = content;
            this.size = content.length;
            this.localSize = content.length;
            CRC32 sum = new CRC32();
            sum.update(content);
            this.crc = (int) sum.getValue();
        }

        Entry deflated() {
            Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
            deflater.setInput(content);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            deflater.end();
            packed = out.toByteArray();
            method = 8;
            return this;
        }

        Entry name(byte[] bytes) {
            name = bytes;
            localName = bytes;
            return this;
        }

        Entry localName(String text) {
            localName = text.getBytes(StandardCharsets.UTF_8);
            return this;
        }

        /** What both descriptions say of the size. */
        Entry size(long bytes) {
            size = (int) bytes;
            localSize = size;
            return this;
        }

        Entry localSize(int bytes) {
            localSize = bytes;
            return this;
        }

        Entry crc(int value) {
            crc = value;
            return this;
        }

        /** As stat(2) has it, with the kind of file. */
        Entry mode(int unix) {
            mode = unix;
            return this;
        }

        Entry flags(int more) {
            flags |= more;
            return this;
        }

        Entry plainAscii() {
            flags &= ~UTF8;
            return this;
        }

        Entry method(int number) {
            method = number;
            return this;
        }

        /** Where the directory says that the entry is. */
        Entry header(int offset) {
            header = offset;
            return this;
        }

        /** A field in both descriptions. */
        Entry extra(int id, String text) {
            extra = field(id, text);
            return localExtra(id, text);
        }

        Entry localExtra(int id, String text) {
            localExtra = field(id, text);
            return this;
        }

        private static byte[] field(int id, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return little(4 + bytes.length)
                    .putShort((short) id)
                    .putShort((short) bytes.length)
                    .put(bytes)
                    .array();
        }

        Entry comment(String text) {
            comment = text.getBytes(StandardCharsets.UTF_8);
            return this;
        }

        /** Bytes after it that belong to none. */
        Entry gap(byte[] bytes) {
            gap = bytes;
            return this;
        }
    }

    Entry add(String name, String content) {
        return add(name, content.getBytes(StandardCharsets.UTF_8));
    }

    Entry add(String name, byte[] content) {
        Entry entry = new Entry(name, content);
        entries.add(entry);
        return entry;
    }

    RawZip before(byte[] bytes) {
        before = bytes;
        return this;
    }

    RawZip after(byte[] bytes) {
        after = bytes;
        return this;
    }

    Path write(Path file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream directory = new ByteArrayOutputStream();
        out.writeBytes(before);
        for (Entry entry : entries) {
            int header = entry.header >= 0 ? entry.header : out.size();
            directory.writeBytes(central(entry, header));
            out.writeBytes(local(entry));
            out.writeBytes(entry.packed);
            out.writeBytes(entry.gap);
        }
        int start = out.size();
        out.writeBytes(directory.toByteArray());
        out.writeBytes(
                little(22)
                        .putInt(0x06054b50)
                        .putInt(0)
                        .putShort((short) entries.size())
                        .putShort((short) entries.size())
                        .putInt(directory.size())
                        .putInt(start)
                        .putShort((short) 0)
                        .array());
        out.writeBytes(after);
        try {
            return Files.write(file, out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] local(Entry entry) {
        return little(30 + entry.localName.length + entry.localExtra.length)
                .putInt(0x04034b50)
                .putShort((short) 20)
                .putShort((short) entry.flags)
                .putShort((short) entry.method)
                .putInt(0)
                .putInt(entry.crc)
                .putInt(entry.packed.length)
                .putInt(entry.localSize)
                .putShort((short) entry.localName.length)
                .putShort((short) entry.localExtra.length)
                .put(entry.localName)
                .put(entry.localExtra)
                .array();
    }

    private static byte[] central(Entry entry, int header) {
        return little(46 + entry.name.length + entry.extra.length + entry.comment.length)
                .putInt(0x02014b50)
                .putShort((short) (3 << 8 | 20))
                .putShort((short) 20)
                .putShort((short) entry.flags)
                .putShort((short) entry.method)
                .putInt(0)
                .putInt(entry.crc)
                .putInt(entry.packed.length)
                .putInt(entry.size)
                .putShort((short) entry.name.length)
                .putShort((short) entry.extra.length)
                .putShort((short) entry.comment.length)
                .putInt(0)
                .putInt(entry.mode << 16)
                .putInt(header)
                .put(entry.name)
                .put(entry.extra)
                .put(entry.comment)
                .array();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
