package dev.kiln.platform.autograd;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The table of gradients: for every operation, how the gradient of its output becomes those of its
 * inputs and weights. Backward kernels are the backend's.
 */
final class Gradients {
    private final Backend backend;
    private final Scope scope;
    private final Set<Tensor> differentiable;
    private final Flow flow;

    Gradients(Backend backend, Scope scope, Set<Tensor> differentiable) {
        this.backend = backend;
        this.scope = scope;
        this.differentiable = differentiable;
        this.flow = new Flow(backend, scope);
    }

    void through(Operation operation) {
        switch (operation) {
            case Operation.Loss loss -> {
                flow.adopt(loss.dX());
                give(loss.x(), loss.dX());
            }
            case Operation.DropWeight op -> {
                Tensor dCopy = op.copy().gradient();
                backend.dropout(dCopy, dCopy, op.dropout());
                backend.add(op.weight().gradient(), op.weight().gradient(), dCopy);
            }
            case Operation.Activation op ->
                    flow.take(op.out()).ifPresent(dOut -> through(op, dOut));
        }
    }

    /** The whole gradient of a tensor, if any came. */
    Optional<Tensor> take(Tensor of) {
        return flow.take(of);
    }

    /** Each case uses up dOut. */
    private void through(Operation.Activation operation, Tensor dOut) {
        switch (operation) {
            case Operation.Embedding op -> {
                toWeight(op.table(), dTable -> backend.scatterAdd(dTable, dOut, op.ids()));
                flow.release(dOut);
            }
            case Operation.Linear op -> {
                op.bias().ifPresent(bias -> toBias(bias, dOut));
                throughProduct(op.x(), op.weight(), dOut);
            }
            case Operation.LinearActivation op -> {
                Tensor dBefore = flow.roomFor(dOut);
                backend.activationBackward(dBefore, dOut, op.before(), op.function());
                flow.settle(dBefore, dOut);
                toBias(op.bias(), dBefore);
                throughProduct(op.x(), op.weight(), dBefore);
            }
            case Operation.ActivationOf op ->
                    inPlace(
                            op.x(),
                            dOut,
                            dX -> backend.activationBackward(dX, dOut, op.x(), op.function()));
            case Operation.LayerNorm op ->
                    inPlace(
                            op.x(),
                            dOut,
                            dX ->
                                    backend.layerNormBackward(
                                            dX,
                                            dOut,
                                            op.x(),
                                            op.statistics(),
                                            op.gain(),
                                            op.bias()));
            case Operation.Add op -> {
                flow.retain(dOut);
                give(op.a(), dOut);
                give(op.b(), dOut);
            }
            case Operation.Multiply op -> {
                flow.retain(dOut);
                into(op.a(), dOut, dA -> backend.multiply(dA, dOut, op.b()));
                into(op.b(), dOut, dB -> backend.multiply(dB, dOut, op.a()));
            }
            case Operation.Scale op ->
                    inPlace(op.x(), dOut, dX -> backend.scale(dX, dOut, op.factor()));
            case Operation.Drop op ->
                    inPlace(op.x(), dOut, dX -> backend.dropout(dX, dOut, op.dropout()));
            case Operation.Attend op ->
                    into(
                            op.x(),
                            dOut,
                            dQkv ->
                                    backend.attentionBackward(
                                            dQkv,
                                            dOut,
                                            op.out(),
                                            op.logSumExp(),
                                            op.x(),
                                            op.spec()));
            case Operation.Gather op ->
                    into(op.x(), dOut, dX -> scatter(backend, scope, dX, dOut, op.rows()));
            case Operation.Reshape op -> into(op.x(), dOut, dX -> backend.copy(dX, dOut));
            case Operation.SumRows op ->
                    into(op.x(), dOut, dX -> backend.gather(dX, dOut, op.sums()));
        }
    }

    /** Adds up rows of x in those rows of out; they may come more than once, and sums are float32. */
    static void scatter(Backend backend, Scope scope, Tensor out, Tensor x, Tensor rows) {
        Tensor sum = out.type() == DType.FLOAT32 ? out : scope.allocate(DType.FLOAT32, out.shape());
        backend.fill(sum, 0);
        backend.scatterAdd(sum, x, rows);
        if (sum != out) {
            backend.cast(out, sum);
            scope.release(sum);
        }
    }

    private void throughProduct(Tensor x, Weight weight, Tensor dOut) {
        toWeight(weight, dWeight -> backend.linearBackwardWeight(weight, x, dOut));
        into(x, dOut, dX -> backend.linearBackwardInput(dX, dOut, weight));
    }

    private void toBias(Weight bias, Tensor dOut) {
        toWeight(bias, dBias -> backend.addRowSum(dBias, dOut));
    }

    private static void toWeight(Weight weight, Consumer<Tensor> kernel) {
        if (weight.trainable()) {
            kernel.accept(weight.gradient());
        }
    }

    /** Runs a kernel whose output is x's gradient and may not be dOut. */
    private void into(Tensor x, Tensor dOut, Consumer<Tensor> kernel) {
        if (differentiable.contains(x)) {
            Tensor dX = flow.allocate(x);
            kernel.accept(dX);
            flow.give(x, dX);
        }
        flow.release(dOut);
    }

    /** Runs a kernel whose output is x's gradient and may be dOut. */
    private void inPlace(Tensor x, Tensor dOut, Consumer<Tensor> kernel) {
        Tensor dX = flow.roomFor(dOut);
        kernel.accept(dX);
        flow.settle(dX, dOut);
        give(x, dX);
    }

    void give(Tensor x, Tensor held) {
        if (differentiable.contains(x)) {
            flow.give(x, held);
        } else {
            flow.release(held);
        }
    }
}
