package dev.kiln.platform.autograd;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Runs a model without gradients and without dropout: evaluation. Of a block only the result is
 * kept. Used by one thread at a time, within the life of its scope.
 */
public class DirectOps extends ForwardOps {
    private List<Tensor> made = new ArrayList<>();

    public DirectOps(Backend backend, Scope scope, Precision precision, Layouts layouts) {
        super(backend, scope, precision, layouts);
    }

    @Override
    Tensor ran(Operation operation) {
        operation.kept().forEach(scope::release);
        return ofBlock(operation.out());
    }

    /** Counts a tensor as made by the block that runs. */
    final Tensor ofBlock(Tensor tensor) {
        made.add(tensor);
        return tensor;
    }

    @Override
    Dropout dropoutHere(double rate) {
        return Dropout.NONE;
    }

    @Override
    public Tensor projectedCrossEntropy(
            Tensor hidden, Weight table, Tensor targets, Tensor weights) {
        OpShapes.table("projectedCrossEntropy", hidden, table);
        OpShapes.labels("projectedCrossEntropy", hidden, targets, weights);
        Tensor losses = exact(Shape.of(hidden.shape().rows()));
        backend.projectedCrossEntropy(losses, hidden, table, targets, weights);
        return losses;
    }

    @Override
    public Tensor crossEntropy(Tensor logits, Tensor targets, Tensor weights) {
        OpShapes.labels("crossEntropy", logits, targets, weights);
        Tensor losses = exact(Shape.of(logits.shape().rows()));
        Tensor unused = like(logits);
        score(losses, unused, logits, targets, weights);
        scope.release(unused);
        return losses;
    }

    @Override
    public Tensor block(Tensor x, UnaryOperator<Tensor> body) {
        List<Tensor> outside = made;
        made = new ArrayList<>();
        Tensor result = body.apply(x);
        for (Tensor tensor : made) {
            if (tensor != result) {
                scope.release(tensor);
            }
        }
        made = outside;
        if (result != x) {
            made.add(result);
        }
        return result;
    }
}
