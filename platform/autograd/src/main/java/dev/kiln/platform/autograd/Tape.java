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
    private final List<Operation> operations = new ArrayList<>();
    private final Set<Tensor> differentiable = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Weight, Weight> dropped = new IdentityHashMap<>();
    private final long dropoutKey;
    private int dropoutPlaces;

    /**
     * @param dropoutKey tells this pass from all others of the run; see {@link Randomness#key}
     */
    public Tape(
            Backend backend, Scope scope, Precision precision, Layouts layouts, long dropoutKey) {
        super(backend, scope, precision, layouts);
        this.dropoutKey = dropoutKey;
    }

    @Override
    Tensor ran(Operation operation) {
        if (needsGradient(operation)) {
            operations.add(operation);
            differentiable.add(operation.out());
        } else {
            operation.kept().forEach(scope::release);
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

    @Override
    public Weight dropout(Weight weight, double rate) {
        return rate == 0 ? weight : dropped.computeIfAbsent(weight, w -> drop(w, rate));
    }

    private Weight drop(Weight weight, double rate) {
        Dropout dropout = dropoutHere(rate);
        Weight copy = backend.weight(scope, weight.name(), weight.shape(), weight.trainable());
        backend.dropout(copy.value(), weight.value(), dropout);
        backend.refresh(copy);
        if (weight.trainable()) {
            operations.add(new Operation.DropWeight(copy, weight, dropout));
        }
        return copy;
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

    @Override
    public Tensor block(Tensor x, UnaryOperator<Tensor> body) {
        return body.apply(x);
    }

    /**
     * Adds the gradient of the objective to every trainable weight's. Afterwards only losses can be
     * read; what else was made on this tape is released.
     */
    public void backward() {
        Gradients gradients = new Gradients(backend, scope, differentiable);
        for (Operation operation : operations.reversed()) {
            gradients.through(operation);
            operation.kept().forEach(scope::release);
            if (operation instanceof Operation.Activation) {
                scope.release(operation.out());
            }
        }
        operations.clear();
    }
}
