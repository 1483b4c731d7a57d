package dev.kiln.platform.inference.inspection;

import dev.kiln.platform.autograd.DirectOps;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Remembers what goes into the first block of a model, and what comes out of every one. */
final class RecordingOps extends DirectOps {
    private final List<Tensor> states = new ArrayList<>();
    private boolean inBlock;

    RecordingOps(LanguageModel language, Scope scope) {
        super(language.backend(), scope, language.precision(), language.layouts());
    }

    @Override
    public Tensor block(Tensor x, UnaryOperator<Tensor> body) {
        if (inBlock) {
            return super.block(x, body);
        }
        if (states.isEmpty()) {
            states.add(x);
        }
        inBlock = true;
        Tensor result = super.block(x, body);
        inBlock = false;
        states.add(result);
        return result;
    }

    /** Valid as long as the scope: outside of blocks nothing is released before it. */
    List<Tensor> states() {
        return states;
    }
}
