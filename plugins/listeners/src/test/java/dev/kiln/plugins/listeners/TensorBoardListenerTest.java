package dev.kiln.plugins.listeners;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardListenerTest {
    @TempDir private Path run;

    @Test
    void theChecksumIsCrc32cAsRfc3720HasIt() {
        // RFC 3720, B.4: 32 bytes of zeros have the CRC 0x8a9136aa. Masked by hand:
        // rotated right by 15 it is 0x6d551522, plus 0xa282ead8 is 0x0fd7fffa.
        assertEquals(0x0fd7fffa, TfRecord.maskedCrc(new byte[32], 32));
    }

    @Test
    void aRecordIsLengthItsChecksumDataAndItsChecksum() {
        // The first record of every event file, written by TensorFlow with wall time 0 left out:
        // 0x1a is field 3 (file_version) as a string of 13 bytes.
        byte[] event = new ProtoMessage().string(3, "brain.Event:2").toBytes();
        assertEquals("1a0d627261696e2e4576656e743a32", HexFormat.of().formatHex(event));
        ByteBuffer record = ByteBuffer.wrap(TfRecord.of(event)).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(8 + 4 + 15 + 4, record.remaining());
        assertEquals(15, record.getLong(0));
        assertEquals(0x1a, record.get(12));
    }

    @Test
    void integersOfManyBitsAreVarints() {
        // The example of the Protocol Buffers encoding guide: field 1 with 150 is 08 96 01.
        byte[] bytes = new ProtoMessage().integer(1, 150).toBytes();
        assertEquals("089601", HexFormat.of().formatHex(bytes));
    }

    @Test
    void theScalarsOfARunAreReadBack() throws Exception {
        try (TensorBoardListener listener = new TensorBoardListener(run)) {
            listener.on(Events.started(0, 600));
            listener.on(Events.step(300, 4.25));
            listener.on(Events.evaluated(300, 4.5, 2.25));
            listener.on(Events.evaluated(301, 4.5, Double.NaN));
        }
        assertEquals(
                List.of(
                        "0 brain.Event:2",
                        "300 train/loss=4.25 train/learning_rate=0.001 train/gradient_norm=0.905"
                                + " train/tokens_per_second=12345.4",
                        "300 heldout/loss=4.5 heldout/bits_per_byte=2.25",
                        "301 heldout/loss=4.5"),
                events());
    }

    @Test
    void aResumeBeginsAFileThatVoidsTheStepsDoneAgain() throws Exception {
        try (TensorBoardListener listener = new TensorBoardListener(run)) {
            listener.on(Events.started(200, 600));
            listener.on(Events.step(201, 4));
        }
        assertEquals("201 session 1", events().get(1));
        assertEquals("201 train/loss=4.0", events().get(2).substring(0, 18));
    }

    private List<String> events() throws IOException {
        try (Stream<Path> files = Files.list(run)) {
            Path file = files.findFirst().orElseThrow();
            ByteBuffer bytes =
                    ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            List<String> events = new ArrayList<>();
            while (bytes.hasRemaining()) {
                events.add(event(record(bytes)));
            }
            return events;
        }
    }

    private static ByteBuffer record(ByteBuffer bytes) {
        int length = Math.toIntExact(bytes.getLong());
        bytes.getInt(); // the checksums have a test of their own
        ByteBuffer data = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + length);
        bytes.getInt();
        return data;
    }

    /** The part of Event that Kiln writes, as text. */
    private static String event(ByteBuffer bytes) {
        StringBuilder text = new StringBuilder();
        while (bytes.hasRemaining()) {
            int tag = bytes.get();
            switch (tag) {
                case 1 << 3 | 1 -> bytes.getDouble();
                case 2 << 3 -> text.append(varint(bytes));
                case 3 << 3 | 2 -> text.append(' ').append(string(bytes));
                case 5 << 3 | 2 -> summary(delimited(bytes), text);
                case 7 << 3 | 2 -> {
                    ByteBuffer session = delimited(bytes);
                    assertEquals(1 << 3, session.get());
                    text.append(" session ").append(varint(session));
                }
                default -> throw new IllegalStateException("tag " + tag);
            }
        }
        return text.toString();
    }

    private static void summary(ByteBuffer bytes, StringBuilder text) {
        while (bytes.hasRemaining()) {
            assertEquals(1 << 3 | 2, bytes.get());
            ByteBuffer value = delimited(bytes);
            assertEquals(1 << 3 | 2, value.get());
            text.append(' ').append(string(value));
            assertEquals(2 << 3 | 5, value.get());
            text.append('=').append(value.getFloat());
        }
    }

    private static String string(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(delimited(bytes)).toString();
    }

    private static ByteBuffer delimited(ByteBuffer bytes) {
        int length = Math.toIntExact(varint(bytes));
        ByteBuffer part = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + length);
        return part;
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte part = bytes.get();
            value |= (long) (part & 0x7f) << shift;
            if (part >= 0) {
                return value;
            }
        }
    }
}
