package dev.kiln.platform.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** Real files on a disk that has room for some bytes only, and then says what Linux says. */
final class FullDisk implements Disk.Opener {
    private long room;

    FullDisk(long room) {
        this.room = room;
    }

    @Override
    public WritableByteChannel create(Path file) throws IOException {
        WritableByteChannel out = Disk.create(file);
        return new WritableByteChannel() {
            @Override
            public int write(ByteBuffer source) throws IOException {
                if (room == 0) {
                    throw new IOException("No space left on device");
                }
                ByteBuffer part = source.duplicate();
                part.limit(part.position() + (int) Math.min(part.remaining(), room));
                int count = out.write(part);
                source.position(source.position() + count);
                room -= count;
                return count;
            }

            @Override
            public boolean isOpen() {
                return out.isOpen();
            }

            @Override
            public void close() throws IOException {
                out.close();
            }
        };
    }
}
