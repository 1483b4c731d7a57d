package dev.kiln.platform.autograd;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Runs a model and takes note, then goes back over the notes and adds to the gradients of the
 * weights. The objective is the sum of all losses that were asked for. For one forward and one
 * backward pass, by one thread, within the life of its scope.
 */
public final class Tape extends ForwardOps {
    private final ActivationCheckpointing checkpointing;
    private final Set<Tensor> differentiable = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Weight, Dropped> dropped = new IdentityHashMap<>();
    private final List<Operation.DropWeight> dropWeights = new ArrayList<>();
    private final long dropoutKey;
    private List<Note> notes = new ArrayList<>();
    private List<Tensor> unnoted = new ArrayList<>();
    private boolean inBlock;
    private int dropoutPlaces;

    /** A weight's dropped copy, and the place that its mask was drawn at. */
    private record Dropped(Weight copy, int place) {}

    /** A tape that keeps all that gradients need. */
    public Tape(
            Backend backend, Scope scope, Precision precision, Layouts layouts, long dropoutKey) {
        this(backend, scope, precision, layouts, dropoutKey, ActivationCheckpointing.NONE);
    }

    /**
     * @param dropoutKey tells this pass from all others of the run; see {@link Randomness#key}
     */
    public Tape(
            Backend backend,
            Scope scope,
            Precision precision,
            Layouts layouts,
            long dropoutKey,
            ActivationCheckpointing checkpointing) {
        super(backend, scope, precision, layouts);
        this.dropoutKey = dropoutKey;
        this.checkpointing = checkpointing;
    }

    @Override
    Tensor ran(Operation operation) {
        if (needsGradient(operation)) {
            notes.add(operation);
            differentiable.add(operation.out());
        } else {
            releaseKept(operation);
            unnoted.add(operation.out());
        }
        return operation.out();
    }

    private boolean needsGradient(Operation operation) {
        return operation.weights().stream().anyMatch(Weight::trainable)
                || operation.inputs().stream().anyMatch(differentiable::contains);
    }

    @Override
    Dropout dropoutHere(double rate) {
        return rate == 0
                ? Dropout.NONE
                : new Dropout(rate, Randomness.key(dropoutKey, dropoutPlaces++));
    }

    /** A block that is run anew comes by the place where it drew a mask, and goes on behind it. */
    @Override
    public Weight dropout(Weight weight, double rate) {
        if (rate == 0) {
            return weight;
        }
        Dropped known = dropped.computeIfAbsent(weight, w -> drop(w, rate));
        if (known.place() == dropoutPlaces) {
            dropoutPlaces++;
        }
        return known.copy();
    }

    private Dropped drop(Weight weight, double rate) {
        int place = dropoutPlaces;
        Dropout dropout = new Dropout(rate, Randomness.key(dropoutKey, place));
        Weight copy = backend.weight(scope, weight.name(), weight.shape(), weight.trainable());
        backend.dropout(copy.value(), weight.value(), dropout);
        backend.refresh(copy);
        if (weight.trainable()) {
            dropWeights.add(new Operation.DropWeight(copy, weight, dropout));
        }
        return new Dropped(copy, place);
    }

    @Override
    public Tensor projectedCrossEntropy(
            Tensor hidden, Weight table, Tensor targets, Tensor weights) {
        OpShapes.table("projectedCrossEntropy", hidden, table);
        OpShapes.labels("projectedCrossEntropy", hidden, targets, weights);
        Tensor losses = exact(Shape.of(hidden.shape().rows()));
        Tensor dHidden = like(hidden);
        backend.projectedCrossEntropyBackward(losses, dHidden, hidden, table, targets, weights);
        return ran(new Operation.Loss(losses, hidden, dHidden, Optional.of(table)));
    }

    @Override
    public Tensor crossEntropy(Tensor logits, Tensor targets, Tensor weights) {
        OpShapes.labels("crossEntropy", logits, targets, weights);
        Tensor losses = exact(Shape.of(logits.shape().rows()));
        Tensor dLogits = like(logits);
        score(losses, dLogits, logits, targets, weights);
        return ran(new Operation.Loss(losses, logits, dLogits, Optional.empty()));
    }

    /** A block inside of another is a part of it. */
    @Override
    public Tensor block(Tensor x, UnaryOperator<Tensor> body) {
        return switch (checkpointing) {
            case NONE -> body.apply(x);
            case BLOCKS -> inBlock ? body.apply(x) : checkpointed(x, body);
        };
    }

    private Tensor checkpointed(Tensor x, UnaryOperator<Tensor> body) {
        int place = dropoutPlaces;
        List<Note> notesBefore = notes;
        List<Tensor> unnotedBefore = unnoted;
        Tensor result = within(x, body);
        List<Note> inside = notes;
        List<Tensor> insideUnnoted = unnoted;
        notes = notesBefore;
        unnoted = unnotedBefore;
        if (inside.stream().anyMatch(Operation.Loss.class::isInstance)) {
            notes.addAll(inside); // a loss has its gradient by now, and adds to a table's but once
            unnoted.addAll(insideUnnoted);
        } else if (forget(inside, insideUnnoted, result)) {
            notes.add(new Note.Block(result, x, body, place));
        }
        return result;
    }

    /** Runs a body on fresh lists. */
    private Tensor within(Tensor x, UnaryOperator<Tensor> body) {
        notes = new ArrayList<>();
        unnoted = new ArrayList<>();
        inBlock = true;
        Tensor result = body.apply(x);
        inBlock = false;
        return result;
    }

    /** Releases all but the result; returns whether a gradient flows to what it was made from. */
    private boolean forget(List<Note> inside, List<Tensor> insideUnnoted, Tensor result) {
        boolean noted = false;
        for (Note note : inside) {
            if (note.out() == result) {
                noted = true;
                releaseKept(note);
            } else {
                release(note);
            }
        }
        for (Tensor tensor : insideUnnoted) {
            if (tensor == result) {
                unnoted.add(tensor);
            } else {
                scope.release(tensor);
            }
        }
        return noted;
    }

    /** Gives back what an operation or a block left; losses are read after the backward pass. */
    private void release(Note note) {
        releaseKept(note);
        if (!(note instanceof Operation.Loss)) {
            scope.release(note.out());
        }
    }

    private void releaseKept(Note note) {
        if (note instanceof Operation operation) {
            operation.kept().forEach(scope::release);
        }
    }

    /**
     * Adds the gradient of the objective to every trainable weight's. Afterwards only losses can be
     * read; what else was made on this tape is released.
     */
    public void backward() {
        Gradients gradients = new Gradients(backend, scope, differentiable);
        back(notes, gradients);
        dropWeights.reversed().forEach(gradients::through);
        notes.clear();
        dropWeights.clear();
    }

    private void back(List<Note> over, Gradients gradients) {
        for (Note note : over.reversed()) {
            switch (note) {
                case Operation operation -> {
                    gradients.through(operation);
                    release(operation);
                }
                case Note.Block block -> {
                    release(block);
                    gradients.take(block.out()).ifPresent(dOut -> anew(block, dOut, gradients));
                }
            }
        }
    }

    private void anew(Note.Block block, Tensor dOut, Gradients gradients) {
        dropoutPlaces = block.dropoutPlace();
        gradients.give(within(block.x(), block.body()), dOut);
        back(notes, gradients);
        unnoted.forEach(scope::release);
    }
}
