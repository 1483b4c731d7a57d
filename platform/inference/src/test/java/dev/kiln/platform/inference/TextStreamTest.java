package dev.kiln.platform.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextStreamTest {

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aCharacterIsGivenOnlyWhenAllItsBytesAreThere() {
        byte[] euro = utf8("€");
        TextStream stream = new TextStream(List.of());
        assertEquals("a", stream.add(new byte[] {'a', euro[0]}));
        assertEquals("", stream.add(new byte[] {euro[1]}));
        assertEquals("€b", stream.add(new byte[] {euro[2], 'b'}));
        assertEquals("a€b", stream.text());
    }

    @Test
    void aBrokenCharacterAtTheEndIsReplaced() {
        TextStream stream = new TextStream(List.of());
        assertEquals("x", stream.add(new byte[] {'x', (byte) 0xe2}));
        assertEquals("\uFFFD", stream.end());
    }

    @Test
    void whatMayBecomeAStopTextIsHeldBack() {
        TextStream stream = new TextStream(List.of("END"));
        assertEquals("one ", stream.add(utf8("one E")));
        assertEquals("EN".substring(0, 0), stream.add(utf8("N")));
        assertEquals("ENx", stream.add(utf8("x")));
        assertFalse(stream.stopped());
    }

    @Test
    void aStopTextOverSeveralTokensEndsTheTextBeforeIt() {
        TextStream stream = new TextStream(List.of("\n\n", "END"));
        stream.add(utf8("one E"));
        assertEquals("", stream.add(utf8("ND more")));
        assertTrue(stream.stopped());
        assertEquals("one ", stream.text());
        assertEquals("", stream.end());
    }

    @Test
    void whatWasHeldBackComesAtTheEnd() {
        TextStream stream = new TextStream(List.of("END"));
        assertEquals("", stream.add(utf8("EN")));
        assertEquals("EN", stream.end());
        assertEquals("EN", stream.text());
    }
}
