package dev.kiln.platform.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Some bytes of a file, which stays open. */
final class Slice extends InputStream {
    private final FileChannel file;
    private long position;
    private long left;

    Slice(FileChannel file, long start, long length) {
        this.file = file;
        this.position = start;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int n = file.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, left)), position);
        if (n > 0) {
            position += n;
            left -= n;
        }
        return n;
    }
}
