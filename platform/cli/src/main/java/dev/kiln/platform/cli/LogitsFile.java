package dev.kiln.platform.cli;

import dev.kiln.platform.inference.inspection.ForwardPass;
import dev.kiln.platform.storage.SafetensorsContent;
import dev.kiln.platform.storage.StoredType;
import dev.kiln.platform.storage.TensorContent;
import dev.kiln.spi.backend.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What {@code kiln logits} writes of one sequence. */
final class LogitsFile {
    private LogitsFile() {}

    /**
     * Ids [T], logits [T, V] and maybe hidden states [T, C]. The logits are computed while they are
     * written.
     */
    static SafetensorsContent content(ForwardPass pass, int[] ids, boolean hidden) {
        long[] wide = Arrays.stream(ids).asLongStream().toArray();
        List<TensorContent> tensors = new ArrayList<>();
        tensors.add(
                new TensorContent(
                        "ids",
                        StoredType.I64,
                        List.of((long) ids.length),
                        List.of(MemorySegment.ofArray(wide))));
        tensors.add(TensorContent.inPieces("logits", pass.logitsShape(), pass.logitsInPieces()));
        Shape shape = Shape.of(ids.length, pass.stateShape().columns());
        for (int i = 0; hidden && i < pass.states(); i++) {
            int layer = i;
            tensors.add(
                    TensorContent.of(
                            "hidden_states." + layer,
                            shape,
                            () -> MemorySegment.ofArray(pass.state(layer))));
        }
        return SafetensorsContent.of(tensors);
    }
}
