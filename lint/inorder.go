package lint

import (
	"context"
	"iter"
	"sync"
)

// inOrder has workers call do with each value and yields what it returns in the
// order of the values, of which it holds as many as ahead says beyond the one whose
// turn it is, and one more. Once ctx has ended it yields what cut makes of the value
// whose turn it is, the zero one where that is not there yet, and nothing more.
//
// Nothing is left running when the loop has come to its end. Where it was left or
// cut, the context of do has ended, and what still runs is not waited for: it may be
// reading from a pipe that nobody writes to.
func inOrder[V, T any](ctx context.Context, values iter.Seq[V], workers, ahead int, do func(context.Context, V) T, cut func(V) T) iter.Seq[T] {
	return func(yield func(T) bool) {
		inner, cancel := context.WithCancel(ctx)
		defer cancel()
		l := line[V, T]{queue: make(chan *job[V, T], ahead), work: make(chan *job[V, T])}
		for range workers {
			l.group.Go(func() { l.serve(inner, do) })
		}
		l.group.Go(func() { l.fill(inner, values) })
		for {
			j, more := l.next(ctx)
			switch {
			case !more:
				l.group.Wait()
				return
			case ctx.Err() != nil:
				yield(cut(j.value))
				return
			case !yield(j.made):
				return
			}
		}
	}
}

// job is one value on its way through a worker to the loop.
type job[V, T any] struct {
	value V
	made  T
	done  chan struct{} // closed once made is there
}

// line is what the jobs pass: all of them the queue, in order, and then each a worker.
type line[V, T any] struct {
	queue, work chan *job[V, T]
	group       sync.WaitGroup
	whole       bool // every value is in the queue; to be read once that is closed
}

// fill makes jobs of the values.
func (l *line[V, T]) fill(ctx context.Context, values iter.Seq[V]) {
	defer close(l.queue)
	defer close(l.work)
	for v := range values {
		j := &job[V, T]{value: v, done: make(chan struct{})}
		for _, to := range []chan *job[V, T]{l.queue, l.work} {
			select {
			case to <- j:
			case <-ctx.Done():
				return
			}
		}
	}
	l.whole = true
}

// serve does jobs until there are no more.
func (l *line[V, T]) serve(ctx context.Context, do func(context.Context, V) T) {
	for {
		select {
		case j, ok := <-l.work:
			if !ok {
				return
			}
			j.made = do(ctx, j.value)
			close(j.done)
		case <-ctx.Done():
			return
		}
	}
}

// next waits for the job whose turn it is to be done, or for the end of the context.
// There are no more once every value has had its turn.
func (l *line[V, T]) next(ctx context.Context) (j *job[V, T], more bool) {
	select {
	case j = <-l.queue:
	case <-ctx.Done():
		select {
		case j = <-l.queue:
		default:
			return new(job[V, T]), true // not there yet
		}
	}
	if j == nil {
		return new(job[V, T]), !l.whole
	}
	select {
	case <-j.done:
	case <-ctx.Done():
	}
	return j, true
}
